import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../src/engine/definition.ts';
import { templateVariables } from '../../src/engine/template.ts';
import { render, renderJson, templatesIn } from '../../src/automation/template.ts';
import { anyAttribute, anyText } from '../support/any-json.ts';
import { variablesWith } from '../support/automation-variables.ts';

const variables = variablesWith({
  entity: {
    name: 'Anna <b>',
    price: 12.5,
    isPaid: false,
    tags: ['roof', null, 'pump'],
    customer: { city: 'Ulm' },
    items: [{ sku: 'A' }, { sku: 'B' }],
    odd: '{{entity.price}}\r\nBcc: x',
  },
});

test.each<[text: string, rendered: string]>([
  ['Dear {{entity.name}},', 'Dear Anna <b>,'],
  ['{{ entity.price }} €, paid: {{entity.isPaid}}', '12.5 €, paid: false'],
  ['{{entity.tags}}; {{entity.items[*].sku}}', 'roof, pump; A, B'],
  ['{{entity.customer}}', '{"city":"Ulm"}'],
  ['<{{entity.unknown}}{{steps.a.b}}{{}}{{#if x}}>', '<>'],
  ['{{entity.name', '{{entity.name'],
  ['entity.name}} {x}', 'entity.name}} {x}'],
  ['{{ {{entity.price}} }}', '{{ 12.5 }}'],
  ['{{entity.constructor}}{{entity.__proto__}}{{entity.tags.length}}', ''],
])('%j becomes %j', (text, rendered) => {
  expect(render(text, variables, 'none')).toBe(rendered);
});

test('what a variable puts in is not looked at again', () => {
  expect(render('{{entity.odd}}', variables, 'none')).toBe('{{entity.price}}\r\nBcc: x');
});

test('a subject stays one line, whatever stands in the variables', () => {
  expect(render('Re:\n{{entity.odd}}', variables, 'line')).toBe('Re: {{entity.price}} Bcc: x');
});

test('no value becomes markup', () => {
  fc.assert(
    fc.property(anyAttribute(), anyText(), (value, prefix) => {
      const named = variablesWith({ entity: { value, inner: { value } } });
      const html = render(`{{entity.value}}{{entity.inner}}{{entity.${prefix}}}`, named, 'html');
      expect(html.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[&<>"']/);
    }),
    { examples: [['<script>"\'&', '']] },
  );
});

test('a text without braces stays as it is', () => {
  fc.assert(
    fc.property(anyText(), fc.constantFrom('none' as const, 'html' as const), (text, escape) => {
      const plain = text.replaceAll(/[{}]/g, '');
      expect(render(plain, variables, escape)).toBe(plain);
    }),
  );
});

test('in JSON a text that is one variable becomes the value itself', () => {
  const json: Json = {
    price: '{{entity.price}}',
    text: 'costs {{entity.price}}',
    skus: [' {{entity.items[*].sku}} '],
    none: '{{entity.unknown}}',
    number: 1,
  };
  expect(renderJson(json, variables)).toEqual({
    price: 12.5,
    text: 'costs 12.5',
    skus: [['A', 'B']],
    none: null,
    number: 1,
  });
});

test('values that would make a text endless are refused', () => {
  const large = variablesWith({ entity: { text: 'x'.repeat(100_000) } });
  expect(() => render('{{entity.text}}'.repeat(11), large, 'none')).toThrow('longer than');
  expect(() =>
    renderJson(
      Array.from({ length: 11 }, () => '{{entity.text}}'),
      large,
    ),
  ).toThrow('longer than');
});

test('the variables of texts are told, each with its place', () => {
  expect(templateVariables('{{ a.b }} {{c}} {{a.b}} {{d')).toEqual(['a.b', 'c']);
  expect(templatesIn('data', { a: ['x', { b: '{{y}}' }], n: 1 })).toEqual([
    { path: 'data.a[0]', text: 'x' },
    { path: 'data.a[1].b', text: '{{y}}' },
  ]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted, shortened } from '../../src/diagram/mermaid.ts';

describe('a label', () => {
  it.each([
    ['Step 2: follow-up (by phone), don’t forget!', 'Step 2: follow-up (by phone), don’t forget!'],
    ['Straße & Çâ', 'Straße #amp; Çâ'],
    ['say "hi"', 'say #quot;hi#quot;'],
    ['a[b]{c}|d`e', 'a#91;b#93;#123;c#125;#124;d#96;e'],
    ['<b>x</b>', '#lt;b#gt;x#lt;/b#gt;'],
    ['%%{init}%%', '#37;#37;#123;init#125;#37;#37;'],
    ['1. first', '1#46; first'],
    ['2) second', '2#41; second'],
    ['- item', '#45; item'],
    ['www.example.com', 'www#46;example#46;com'],
    ['fa:fa-car', 'fa#58;fa-car'],
    ['$$x$$', '#36;#36;x#36;#36;'],
    ['#35;', '#35;35#59;'],
    ['C:\\new', 'C#58;#92;new'],
    ['ﬂ°°34¶ß', 'ﬂ\u2060°°34¶\u2060ß'],
    ['a\nb\u0000c', 'a b c'],
  ])('shows %j as it is', (text, written) => {
    expect(quoted([text])).toBe(`"${written}"`);
  });

  it('has a line for each text', () => {
    expect(quoted(['a', '<br>'])).toBe('"a\n#lt;br#gt;"');
  });

  it('has nothing but harmless characters between its quotes, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const inside = quoted([text]).slice(1, -1);
        expect(inside.replaceAll(/#(?:\d+|quot|amp|lt|gt);/g, '')).not.toMatch(/["#;<>[\]{}|`%\\*_$\p{Cc}]/u);
      }),
    );
  });
});

describe('shortening', () => {
  it('keeps what fits', () => {
    expect(shortened('exactly ten', 11)).toBe('exactly ten');
  });

  it('ends what does not fit with an ellipsis', () => {
    expect(shortened('one more than ten', 10)).toBe('one more…');
  });

  it('puts several lines into one', () => {
    expect(shortened(' a \r\n\t b\u2028c ', 10)).toBe('a b c');
  });

  it('counts what people see as one character as one', () => {
    const families = '👩‍👩‍👧‍👦'.repeat(4);
    expect(shortened(families, 4)).toBe(families);
    expect(shortened(families, 3)).toBe(`${'👩‍👩‍👧‍👦'.repeat(2)}…`);
  });

  it('gives a bounded text however many accents a letter has', () => {
    expect(shortened(`a${'\u0301'.repeat(100_000)}b`, 10).length).toBeLessThanOrEqual(120);
  });
});

import { describe, expect, it } from 'vitest';
import { MARK_LOOK, EMPTY_PHASE_LOOK, TASK_LOOKS, TYPE_LOOKS } from '../../src/diagram/styles.ts';

/** Red, green and blue, from 0 to 1, in linear light. */
type Light = readonly [number, number, number];

function lightOf(declarations: string, property: string): Light {
  const hex = new RegExp(`(?:^|,)${property}:#([0-9a-f]{6})`).exec(declarations)?.[1] ?? '';
  const [r = NaN, g = NaN, b = NaN] = [0, 2, 4].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [r, g, b];
}

function luminance([r, g, b]: Light): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** As WCAG 2 defines it: 1 to 21. */
function contrast(a: Light, b: Light): number {
  const [dark = NaN, light = NaN] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** How people see who lack one kind of cones (Machado, Oliveira and Fernandes 2009). */
const SIGHTS: Readonly<Record<string, readonly [Light, Light, Light]>> = {
  'all colours': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(light: Light, sight: readonly [Light, Light, Light]): Light {
  const [r = NaN, g = NaN, b = NaN] = sight.map((row) =>
    Math.min(1, Math.max(0, row[0] * light[0] + row[1] * light[1] + row[2] * light[2])),
  );
  return [r, g, b];
}

/** In OKLab, where equal distances look about equally large. */
function distance(a: Light, b: Light): number {
  const [x, y] = [okLab(a), okLab(b)];
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

function okLab([r, g, b]: Light): Light {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

describe('the text of a node', () => {
  it.each(Object.entries({ ...TASK_LOOKS, ...TYPE_LOOKS, MARK: MARK_LOOK, EMPTY: EMPTY_PHASE_LOOK }))(
    'is readable on its ground: %s',
    (_, look) => {
      expect(contrast(lightOf(look, 'fill'), lightOf(look, 'color'))).toBeGreaterThanOrEqual(4.5);
    },
  );
});

/** How the border is drawn, apart from its colour. */
function line(look: string): string {
  return look.replaceAll(/(?:fill|stroke|color):#\w+,?/g, '');
}

describe('the statuses', () => {
  it.each(Object.entries(SIGHTS))('can be told apart by their fill or border, with %s', (_, sight) => {
    const looks = Object.entries(TASK_LOOKS);
    const close = looks.flatMap(([name, look], index) =>
      looks.slice(index + 1).flatMap(([otherName, other]) => {
        if (line(look) !== line(other)) return [];
        const differences = ['fill', 'stroke'].map((property) =>
          distance(seen(lightOf(look, property), sight), seen(lightOf(other, property), sight)),
        );
        return Math.max(...differences) < 0.1 ? [`${name} and ${otherName}`] : [];
      }),
    );
    expect(close).toEqual([]);
  });
});

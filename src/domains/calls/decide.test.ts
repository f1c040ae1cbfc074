import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../../core/errors.ts';
import { callRules } from './decide.ts';

const file = 'rules/calls.yaml';
const text = readFileSync(file, 'utf8');
const rules = callRules([{ file, text }]);

describe('the rules that are shipped', () => {
  it.each([
    ['AS1-成功单9元', '9元'],
    ['9元', '9元'],
    ['9', '9元'],
    ['９元', '9元'],
    ['AS2-成功单1元', '1元'],
    [' 1 ', '1元'],
    ['1元、9元', '9元'],
    ['19元', null],
    ['AS9-成功单11元', null],
    ['29元体验', null],
    ['１９元', null],
    ['91', null],
    ['A9', null],
    ['AF2-在忙', null],
    ['', null],
  ])('take the label %j for %s', (label, product) => {
    expect(rules.productOf(label)).toBe(product);
  });

  it('name the products in their order', () => {
    expect(rules.products).toEqual(['9元', '1元']);
  });

  it('leave the lines of sums out of the seats', () => {
    expect(rules.isSeat({ id: '9000', name: '总计' })).toBe(false);
    expect(rules.isSeat({ id: '9001', name: '坐席A01' })).toBe(true);
    expect(rules.isSeat({ id: '9001', name: null })).toBe(true);
  });
});

describe('rules of one’s own', () => {
  const own = (grades: string, exclude = 'names: [], ids: [], match: []') =>
    callRules([{ file, text: `grades: ${grades}\nseats: { exclude: { ${exclude} } }` }]);

  it('let the first rule that fits decide', () => {
    const decided = own("[{ match: '元', product: any }, { match: '9元', product: nine }]");
    expect(decided.productOf('9元')).toBe('any');
    expect(decided.products).toEqual(['any', 'nine']);
  });

  it('exclude seats by id, name or pattern', () => {
    const decided = own('[{ match: x, product: x }]', "names: [助理], ids: ['9000'], match: ['^测试']");
    expect(decided.isSeat({ id: '9000', name: '坐席A00' })).toBe(false);
    expect(decided.isSeat({ id: '9007', name: '助理' })).toBe(false);
    expect(decided.isSeat({ id: null, name: '测试2' })).toBe(false);
    expect(decided.isSeat({ id: '9007', name: '助理2' })).toBe(true);
  });

  it('are read together from several documents, and again when a text changes', () => {
    const document = (product: string) => ({
      file: `rules/calls/${product}.yaml`,
      text: `grades: [{ match: ${product}, product: ${product} }]\nseats: { exclude: { names: [${product}], ids: [], match: [] } }`,
    });
    const both = callRules([document('a'), document('b')]);
    expect(both.products).toEqual(['a', 'b']);
    expect(both.isSeat({ id: null, name: 'b' })).toBe(false);
    expect(callRules([document('a')]).products).toEqual(['a']);
    expect(callRules([document('a')])).toBe(callRules([document('a')]));
  });

  it('tell every mistake at once, each with its file and place', () => {
    const mistakes = () =>
      own("[{ match: '(', product: x, price: 9 }, { match: y }]", 'names: [], ids: [9000], matches: []');
    expect(mistakes).toThrow(SetupError);
    try {
      mistakes();
    } catch (error) {
      const text = String(error);
      expect(text).toMatch(/rules\/calls\.yaml: grades\.0\.match: is no regular expression/);
      expect(text).toMatch(/grades\.0: .*price/);
      expect(text).toMatch(/grades\.1\.product/);
      expect(text).toMatch(/seats\.exclude\.ids\.0: must be text/);
      expect(text).toMatch(/seats\.exclude: .*matches/);
      expect(text).toMatch(/seats\.exclude\.match: /);
    }
  });

  it('say so where the document is no YAML, or is not there', () => {
    expect(() => callRules([{ file, text: 'grades: [' }])).toThrow(/rules\/calls\.yaml: /);
    expect(() => callRules([])).toThrow(/rules\/calls\.yaml is missing/);
  });
});

import type { Role } from '../../src/core/people.ts';
import { Button } from './Button.tsx';
import { useLanguage } from './language.tsx';

export function Brand() {
  return (
    <span class="brand">
      <img src="/favicon.svg" alt="" width={24} height={24} />
      Fieldbell
    </span>
  );
}

export function SampleMark() {
  const { say } = useLanguage();
  return <span class="sample-mark">{say('示例数据', 'Sample data')}</span>;
}

/** Says the other language in itself, so that whoever needs it can read it. */
export function LanguageToggle() {
  const { lang, toggle } = useLanguage();
  return (
    <Button kind="quiet" label={lang === 'zh' ? 'Switch to English' : '切换到中文'} onPress={toggle}>
      <span lang={lang === 'zh' ? 'en' : 'zh-CN'}>{lang === 'zh' ? 'EN' : '中文'}</span>
    </Button>
  );
}

export function useRoleName(): (role: Role) => string {
  const { say } = useLanguage();
  return (role) =>
    ({
      guest: say('访客', 'Guest'),
      staff: say('员工', 'Staff'),
      lead: say('主管', 'Lead'),
      admin: say('管理员', 'Administrator'),
    })[role];
}

/** A disc with the last character of a Chinese name, or the initials of another. */
export function Avatar({ name }: { name: string }) {
  const chinese = /[\u3400-\u9fff]/.test(name);
  const letters = chinese
    ? name.replace(/[^\u3400-\u9fff]/g, '').slice(0, 1)
    : name
        .split(/\s+/)
        .slice(0, 2)
        .map((word) => word.slice(0, 1).toUpperCase())
        .join('');
  let sum = 0;
  for (const character of name) sum += character.codePointAt(0) ?? 0;
  return (
    <span class={`avatar hue-${sum % 5}`} aria-hidden="true">
      {letters}
    </span>
  );
}

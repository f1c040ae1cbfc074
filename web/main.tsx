import { render } from 'preact';
import { App } from './chat/App.tsx';
import { LanguageProvider } from './shared/language.tsx';

const root = document.getElementById('app');
if (root) {
  render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
    root,
  );
}

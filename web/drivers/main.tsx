import { render } from 'preact';
import { LanguageProvider } from '../shared/language.tsx';
import { App } from './App.tsx';

const root = document.getElementById('app');
if (root) {
  render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
    root,
  );
}

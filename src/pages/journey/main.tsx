/** Where the page of a journey begins in the browser. */
import { createRoot } from 'react-dom/client';
import { JourneyPage } from './page.tsx';
import './style.css';

const root = document.getElementById('page');
if (root) createRoot(root).render(<JourneyPage base={location.pathname.replace(/\/+$/, '')} />);

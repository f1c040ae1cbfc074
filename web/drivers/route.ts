import { routesBelow } from '../shared/route.tsx';

export { go, Link } from '../shared/route.tsx';
export const { addressOf, useRoute } = routesBelow('/drivers');

// Where the script begins, in the page and in its worker alike.

import { start } from "./page.js";

start(globalThis);

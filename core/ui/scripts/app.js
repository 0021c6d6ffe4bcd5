// Everything works without this file; it makes a few gestures shorter.
import "./activation.js";
import "./back.js";
import "./give.js";
import "./listen.js";
import "./menu.js";
import "./pad.js";
import "./passkey.js";
import "./password.js";
import "./poster.js";
import "./print.js";
import "./push.js";
import "./queue.js";
import "./readers.js";
import "./speak.js";
import "./submit.js";

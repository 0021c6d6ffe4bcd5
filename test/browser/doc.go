// Package browser opens the pages of the portal in a real Chromium, for tests:
// it reads the console, runs the accessibility rules of axe-core, walks with
// the keyboard, weighs what was transferred and takes pictures.
//
// A test binary has one Chromium, started by the first [Open] and stopped by
// [Main]; each [Page] has cookies and a cache of its own. Where there is no
// Chromium the test is skipped, unless PREAU_TEST_ALL=1 asks for everything.
// Pictures are written to the folder that PREAU_SHOTS names, if any.
package browser

// Package virustest gives tests a real clamd, which knows one harmless virus and takes 2 MB: it is started, stopped and
// started again by the test, on a socket and with signatures of its own. Where there is no clamd the test is skipped,
// unless PREAU_TEST_ALL=1 asks for everything. What clamd is asked is preau/core/virus's.
package virustest

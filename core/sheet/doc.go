// Package sheet reads and writes tables for the spreadsheets that French
// offices use.
package sheet

// Package sheet writes tables for the spreadsheets that French offices use.
package sheet

// Package config keeps what an installation is and must not forget from one
// start to the next: that its data is fictional, which key seals it. It owns
// the table config_setting, which holds nothing about a person.
//
// What an operator chooses is on the command line: see app.
package config

package bench

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"

	"preau/core/school"
)

// Who comes on a Monday at half past eight: parents mostly, the teachers who open
// their class, the heads.
const (
	mondayPeople   = 2000
	mondayParents  = 1700
	mondayTeachers = 250
)

// One in eight signs in, the others have the session of the days before; one in four
// writes a message.
const oneSignsIn, oneWrites = 8, 4

// The kinds of requests, which a measure tells apart.
const (
	toSignIn = "sign in"
	toHome   = "home"
	toRead   = "read"
	toSign   = "sign"
	toWrite  = "message"
)

// parentSteps is what a parent does: the home page, a word that is to be signed, the
// signature and the word again, another word, the news, the home page again; one in
// four opens the messages and answers the teacher. With the sign-ins and the others
// who come, of a hundred requests about 2 sign in, 28 are home pages, 52 read, 13
// sign and 5 send a message; the measure prints the shares that it had.
func parentSteps(c *classroom, t talk, news school.ID, rank int) []step {
	last := len(c.words) - 1
	sign := last - last%3 // see signed
	word := wordPath(c.words[sign])
	steps := []step{
		{toHome, "GET", "/", ""},
		{toRead, "GET", word, ""},
		{toSign, "POST", word + "/answer", url.Values{"child": {t.child.String()}, "answer": {"signed"}}.Encode()},
		{toRead, "GET", word, ""},
		{toRead, "GET", wordPath(c.words[last-1]), ""},
		{toRead, "GET", fmt.Sprintf("/news/item/%d", news), ""},
		{toHome, "GET", "/", ""},
	}
	if rank%oneWrites == 0 {
		steps = append(steps, talkSteps(t)...)
	}
	return steps
}

// teacherSteps is what a teacher does: the home page, what families tell of today, who
// has signed, the carnet; one in four answers a parent.
func teacherSteps(c *classroom, rank int) []step {
	steps := []step{
		{toHome, "GET", "/", ""},
		{toRead, "GET", "/liaison/notes", ""},
		{toRead, "GET", wordPath(c.words[len(c.words)-1]) + "/follow", ""},
		{toRead, "GET", "/liaison/", ""},
	}
	if rank%oneWrites == 0 {
		steps = append(steps, talkSteps(c.talks[0])...)
	}
	return steps
}

// headSteps is what a head does.
var headSteps = []step{
	{toHome, "GET", "/", ""},
	{toRead, "GET", "/liaison/notes", ""},
	{toRead, "GET", "/news/", ""},
}

// talkSteps opens the messages and a conversation, and answers in it.
func talkSteps(t talk) []step {
	thread := fmt.Sprintf("/message/thread/%d", t.id)
	return []step{
		{toRead, "GET", "/message/", ""},
		{toRead, "GET", thread, ""},
		{toWrite, "POST", thread, formWithFiles(url.Values{"body": {"Merci, c’est noté."}})},
	}
}

func loginForm(login string) string {
	return url.Values{"login": {login}, "password": {loginPassword}}.Encode()
}

// boundary parts the fields of a form that may have files.
const boundary = "preau-bench"

// formWithFiles is a form that may have files, and has none.
func formWithFiles(fields url.Values) string {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.SetBoundary(boundary)
	for name, values := range fields {
		for _, value := range values {
			_ = form.WriteField(name, value) // memory is never full
		}
	}
	_ = form.Close()
	return body.String()
}

// formType is the type of the form that a body holds.
func formType(body string) string {
	if strings.HasPrefix(body, "--"+boundary) {
		return "multipart/form-data; boundary=" + boundary
	}
	return "application/x-www-form-urlencoded"
}

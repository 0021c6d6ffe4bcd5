package house

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/url"
	"testing"
)

// Send posts a form with pictures in one of its fields, as a telephone does.
func (v Visitor) Send(path string, form url.Values, field string, pictures ...[]byte) Reply {
	v.T.Helper()
	files := make([]Upload, len(pictures))
	for i, picture := range pictures {
		files[i] = Upload{Field: field, Name: "IMG_0001.jpg", Content: picture}
	}
	return v.SendFiles(path, form, files...)
}

// Upload is a file of a form, as it is sent.
type Upload struct {
	Field, Name string
	Content     []byte
}

// SendFiles sends a form with files.
func (v Visitor) SendFiles(path string, form url.Values, files ...Upload) Reply {
	v.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				v.T.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.Field, f.Name)
		if err == nil {
			_, err = part.Write(f.Content)
		}
		if err != nil {
			v.T.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.T.Fatal(err)
	}
	r := v.Form(path, nil)
	r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.Do(r)
}

// PDF is a document that says something, on no page.
func PDF(says string) []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<< /Title (" + says + ") >>\nendobj\ntrailer\n<< /Info 1 0 R >>\n%%EOF\n")
}

// Voice is a recording that says something, a sample a letter (WAVE, in PCM of 8 bits).
func Voice(says string) []byte {
	sound := []byte("WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data")
	sound = append(binary.LittleEndian.AppendUint32(sound, uint32(len(says))), says...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(sound))), sound...)
}

// Shot is a picture as a telephone sends it.
func Shot(t *testing.T, width, height int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			picture.Set(x, y, color.RGBA{R: uint8(120 + 100*y/height), G: uint8(170 - 60*x/width), B: uint8(140 + 80*y/height), A: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

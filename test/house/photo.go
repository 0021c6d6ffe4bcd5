package house

import (
	"bytes"
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
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				v.T.Fatal(err)
			}
		}
	}
	for _, picture := range pictures {
		part, err := w.CreateFormFile(field, "IMG_0001.jpg")
		if err == nil {
			_, err = part.Write(picture)
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

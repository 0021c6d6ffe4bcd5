package virus

import "testing"

func FuzzVerdict(f *testing.F) {
	f.Add("stream: OK")
	f.Add("stream: Eicar FOUND")
	f.Add("INSTREAM size limit exceeded. ERROR")
	f.Fuzz(func(t *testing.T, answer string) {
		got, err := verdict(answer)
		if (err == nil) == (got.Verdict == "") || got.Verdict == Clean && answer != "stream: OK" {
			t.Errorf("%q: %+v, %v", answer, got, err)
		}
	})
}

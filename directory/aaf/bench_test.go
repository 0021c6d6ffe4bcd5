package aaf

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"testing"
)

// pupils writes a file of n pupils such as académies deliver them.
func pupils(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ficAlimMENESR SYSTEM "ficAlimMENESR.dtd">
<ficAlimMENESR>
<!-- versionAF="AAF-VE2003" -->
<!-- versionSDET="Annexe 1 version 6.3" -->
`)
	for i := range n {
		fmt.Fprintf(&b, `
<addRequest>
<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>%[1]d</id></identifier>
<attributes>
<attr name="ENTPersonJointure"><value>%[1]d</value></attr>
<attr name="ENTEleveINE"><value>%09[2]dAB</value></attr>
<attr name="ENTPersonDateNaissance"><value>%02[3]d/03/2019</value></attr>
<attr name="ENTPersonCivilite"><value>Mme</value></attr>
<attr name="ENTPersonStructRattach"><value>412</value></attr>
<attr name="ENTEleveAutoriteParentale"><value>%[4]d$10</value><value>%[5]d$20</value></attr>
<attr name="ENTEleveRestaurantScolaire"><value>O</value></attr>
<attr name="ENTEleveTransport"><value>N</value></attr>
<attr name="ENTEleveGarderieMatin"><value>N</value></attr>
<attr name="ENTEleveGarderieSoir"><value>O</value></attr>
<attr name="ENTEleveEtudesSurveillees"><value>N</value></attr>
<attr name="ENTEleveNiveau"><value>1121$CP</value></attr>
<attr name="ENTEleveCycle"><value>2$CYCLE II</value></attr>
<attr name="ENTEleveTypeClasse"><value>11$ORDINAIRE</value></attr>
<attr name="ENTEleveDateEntreeClasses"><value>412$01/09/2025$73001</value></attr>
<attr name="ENTEleveDateSortieClasses"><value/></attr>
<attr name="ENTPersonClasses"><value>412$11$ORDINAIRE$73001$CP-CE1 Mme EXEMPLE</value></attr>
<attr name="ENTPersonGroupes"><value/></attr>
<attr name="ENTPersonNomPatro"><value>D&apos;ESSAI</value></attr>
<attr name="ENTPersonNom"><value>D&apos;ESSAI</value></attr>
<attr name="ENTPersonPrenom"><value>Zo&#233;</value></attr>
<attr name="ENTPersonAutresPrenoms"><value>Zo&#233;</value></attr>
</attributes>
</addRequest>
`, 3420011+i, i, i%28+1, 3431001+2*i, 3431002+2*i)
	}
	b.WriteString("</ficAlimMENESR>\n")
	return b.Bytes()
}

var pupilFile = File{Name: "ENTDEMO_Complet_20260901_Eleve_0000.xml", Category: Pupils}

// BenchmarkParse compares one core reading typed, digested records with the
// bare tokens of encoding/xml over the same bytes.
func BenchmarkParse(b *testing.B) {
	doc := pupils(20_000)
	b.Run("records", func(b *testing.B) {
		p := newParser(func(parcel) error { return nil })
		b.SetBytes(int64(len(doc)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := p.parse(context.Background(), pupilFile, bytes.NewReader(doc))
			if err != nil || r.Added != 20_000 {
				b.Fatal(r.Tally, err)
			}
		}
	})
	b.Run("encoding-xml", func(b *testing.B) {
		b.SetBytes(int64(len(doc)))
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(doc))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

package share

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
)

// oldZip packs the file with the lock of PKZIP 2, which is weak (APPNOTE 6.1).
func (w *wrapping) oldZip(secret string) error {
	var packed bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err == nil {
		_, err = f.Write(w.content)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return err
	}
	crc := crc32.ChecksumIEEE(w.content)
	k := zipKeys{0x12345678, 0x23456789, 0x34567890}
	for i := range len(secret) {
		k.take(secret[i])
	}
	head := make([]byte, 12)
	for i := range head {
		head[i] = byte(w.below(256))
	}
	head[11] = byte(crc >> 24)
	body := k.hide(append(head, packed.Bytes()...))

	var out bytes.Buffer
	z := zip.NewWriter(&out)
	member, err := z.CreateRaw(&zip.FileHeader{Name: "list." + w.format.ending, Method: zip.Deflate, Flags: 1, CRC32: crc,
		CompressedSize64: uint64(len(body)), UncompressedSize64: uint64(len(w.content))})
	if err == nil {
		_, err = member.Write(body)
	}
	if err == nil {
		err = z.Close()
	}
	w.truth.In, w.content, w.name = "zip", out.Bytes(), w.name+".zip"
	return err
}

type zipKeys [3]uint32

func (k *zipKeys) take(b byte) {
	k[0] = k[0]>>8 ^ crc32.IEEETable[byte(k[0])^b]
	k[1] = (k[1]+k[0]&0xff)*134775813 + 1
	k[2] = k[2]>>8 ^ crc32.IEEETable[byte(k[2])^byte(k[1]>>24)]
}

func (k *zipKeys) hide(b []byte) []byte {
	for i, c := range b {
		t := k[2]&0xffff | 2
		b[i] = c ^ byte(t*(t^1)>>8)
		k.take(c)
	}
	return b
}

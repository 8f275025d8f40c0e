package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// maxLine bounds a command: a request with a long path of tokens takes some kilobytes.
const maxLine = 1 << 20

const endTimeout = 2 * time.Second

// command is what standard input asks for; each verb uses the fields that it needs.
type command struct {
	ID      string `json:"id"`
	Verb    string `json:"do"`
	Message string `json:"message"` // a protobuf message in base64
	Text    string `json:"text"`
}

// reply is what a verb answers: a message, a text, or both.
type reply struct {
	message proto.Message
	text    string
}

type verb func(ctx context.Context, cmd command) (reply, error)

// lines writes JSON lines, and obeys those that it reads.
type lines struct {
	mu    sync.Mutex
	out   *json.Encoder
	verbs map[string]verb
	ends  []func(context.Context)
}

func newLines(out io.Writer) *lines {
	return &lines{out: json.NewEncoder(out), verbs: map[string]verb{}}
}

// on says what a verb does. Commands run side by side.
func (l *lines) on(name string, do verb) {
	l.verbs[name] = do
}

// atEnd says what to do once there are no more commands.
func (l *lines) atEnd(do func(ctx context.Context)) {
	l.ends = append(l.ends, do)
}

// event tells of something that nobody asked for.
func (l *lines) event(name, text string, message proto.Message) {
	l.write(map[string]string{"event": name, "text": text, "message": encoded(message)})
}

// obey runs the commands until there are no more.
func (l *lines) obey(ctx context.Context, in io.Reader) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, maxLine)
	for scanner.Scan() {
		var cmd command
		if err := json.Unmarshal(scanner.Bytes(), &cmd); err != nil {
			return fmt.Errorf("command: %q: %w", scanner.Text(), err)
		}
		go l.do(ctx, cmd)
	}
	ending, cancel := context.WithTimeout(ctx, endTimeout)
	defer cancel()
	for _, do := range l.ends {
		do(ending)
	}
	return scanner.Err()
}

func (l *lines) do(ctx context.Context, cmd command) {
	run, known := l.verbs[cmd.Verb]
	if !known {
		l.write(map[string]string{"answer": cmd.ID, "error": "unknown verb " + cmd.Verb})
		return
	}
	answer, err := run(ctx, cmd)
	if err != nil {
		l.write(map[string]string{
			"answer": cmd.ID, "error": err.Error(), "code": status.Code(rootOf(err)).String(),
		})
		return
	}
	l.write(map[string]string{
		"answer": cmd.ID, "text": answer.text, "message": encoded(answer.message),
	})
}

func (l *lines) write(line map[string]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// A reader that is gone has closed our input too: obey ends.
	_ = l.out.Encode(line)
}

// rootOf finds the gRPC failure below what the SDK wraps around it.
func rootOf(err error) error {
	for at := err; at != nil; {
		if _, isStatus := at.(interface{ GRPCStatus() *status.Status }); isStatus {
			return at
		}
		switch wrapped := at.(type) {
		case interface{ Unwrap() error }:
			at = wrapped.Unwrap()
		case interface{ Cause() error }:
			at = wrapped.Cause()
		default:
			at = nil
		}
	}
	return err
}

func encoded(message proto.Message) string {
	if message == nil {
		return ""
	}
	bytes, err := proto.Marshal(message)
	if err != nil {
		panic(err) // only a message that no wire can carry
	}
	return base64.StdEncoding.EncodeToString(bytes)
}

func decode(text string, into proto.Message) error {
	bytes, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	return proto.Unmarshal(bytes, into)
}

// Command nsmpeer runs one part of Network Service Mesh, made of the reference SDK, for a test to
// talk to.
//
// It prints one JSON object per line on standard output: first an event "ready", then answers and
// events. It reads one JSON command per line from standard input and ends when that is closed, so
// that nothing outlives the test.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	"github.com/sirupsen/logrus"

	"github.com/networkservicemesh/sdk/pkg/tools/log"
	"github.com/networkservicemesh/sdk/pkg/tools/log/logruslogger"
)

// part is one subcommand: it defines its flags and returns what runs once they are parsed.
type part func(flags *flag.FlagSet) func(ctx context.Context, lines *lines) error

var parts = map[string]part{
	"bare":          barePart,
	"bench":         benchPart,
	"names":         namesPart,
	"client":        clientPart,
	"domain":        domainPart,
	"endpoint":      endpointPart,
	"forwarder":     forwarderPart,
	"manager":       managerPart,
	"match":         matchPart,
	"prefix-client": prefixClientPart,
	"prefixes":      prefixesPart,
	"registry":      registryPart,
	"spiffe":        spiffePart,
	"watch":         watchPart,
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "nsmpeer:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) == 0 || parts[args[0]] == nil {
		return fmt.Errorf("subcommand: %q (expected: one of %s)", args, names())
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	verbose := flags.Bool("verbose", false, "log what the SDK logs")
	start := parts[args[0]](flags)
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	logrus.SetOutput(os.Stderr)
	// Not lower: the SDK's chains then lose their call options, and with them the files to send.
	logrus.SetLevel(logrus.InfoLevel)
	if *verbose {
		logrus.SetLevel(logrus.TraceLevel)
		log.EnableTracing(true)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ctx = log.WithLog(ctx, logruslogger.New(ctx, nil))
	lines := newLines(out)
	if err := start(ctx, lines); err != nil {
		return err
	}
	return lines.obey(ctx, in)
}

func names() string {
	all := make([]string, 0, len(parts))
	for name := range parts {
		all = append(all, name)
	}
	sort.Strings(all)
	return strings.Join(all, ", ")
}

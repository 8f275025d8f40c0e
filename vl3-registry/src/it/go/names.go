package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"
)

const (
	namesConfig = `    dns: {templates: ['{{ index .Labels "podName" }}.{{ .NetworkService }}.']}`
	namesAt     = "127.0.0.1"
	namesPort   = "5399"

	unboundConfig = `server:
  interface: 127.0.0.1@%s
  num-threads: 1
  do-daemonize: no
  use-syslog: no
  verbosity: 0
  chroot: ""
  username: ""
  directory: %s
  pidfile: %s/unbound.pid
  local-zone: "vl3." static
remote-control:
  control-enable: no
`
)

var (
	completed = regexp.MustCompile(`Queries completed: +(\d+)`)
	lost      = regexp.MustCompile(`Queries lost: +(\d+)`)
)

// nameBench asks name servers that know the same names, in turn: ours, NSM's and unbound.
type nameBench struct {
	bench   *bench
	names   *int
	rounds  *int
	seconds *int
	rate    *int
}

// asked is what one server did in one round.
type asked struct {
	perSecond float64
	micros    float64
	p99       float64
	lost      int
}

// nameServed is a name server that runs, and what dnsperf is to be run by so that it is reached.
type nameServed struct {
	process *exec.Cmd
	through []string
	port    string
}

// namesPart prints a table: each server's rate, cost and latency, medians of the rounds.
func namesPart(flags *flag.FlagSet) func(context.Context, *lines) error {
	security := securityFlags(flags)
	callers, none := 16, ""
	n := &nameBench{
		bench: &bench{
			launcher: flags.String("vl3", "../../../../vl3-cli/bin/vl3", "the launcher of our endpoint"),
			options:  flags.String("java-options", "", "more options for our JVM"),
			callers:  &callers,
			watched:  &none,
		},
		names:   flags.Int("names", 1000, "how many names there are"),
		rounds:  flags.Int("rounds", 3, "how often each server is started and measured"),
		seconds: flags.Int("seconds", 10, "how long each measurement takes"),
		rate:    flags.Int("rate", 3000, "questions a second while latency is measured"),
	}
	return func(ctx context.Context, lines *lines) error {
		folder, err := os.MkdirTemp("", "names-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(folder) }()
		n.bench.folder = folder
		if err := n.questions(); err != nil {
			return err
		}
		all := map[string][]asked{}
		for round := 0; round < *n.rounds; round++ {
			for _, which := range servers {
				one, err := n.round(ctx, security, which)
				if err != nil {
					return fmt.Errorf("%s: %w", which, err)
				}
				all[which] = append(all[which], one)
			}
		}
		n.print(all)
		lines.event("ready", "", nil)
		return nil
	}
}

var servers = []string{"unbound", "SDK", "vl3"}

func (n *nameBench) questions() error {
	var text strings.Builder
	for _, i := range rand.Perm(*n.names) {
		fmt.Fprintf(&text, "%s A\n", askedName(i))
	}
	return os.WriteFile(n.file("questions"), []byte(text.String()), 0o600)
}

// askedName is the name that the load driver's request of that number has.
func askedName(i int) string {
	return fmt.Sprintf("workload-%d.vl3", i+1)
}

func (n *nameBench) file(name string) string {
	return filepath.Join(n.bench.folder, name)
}

func (n *nameBench) round(ctx context.Context, security *security, which string) (asked, error) {
	server, err := n.start(ctx, security, which)
	if err != nil {
		return asked{}, err
	}
	defer (&served{process: server.process}).end()
	pid := server.process.Process.Pid
	// Twice as long to warm up as is measured.
	if _, err := n.ask(server, 2**n.seconds); err != nil {
		return asked{}, err
	}
	before, err := cpu(pid)
	if err != nil {
		return asked{}, err
	}
	said, err := n.ask(server, *n.seconds)
	if err != nil {
		return asked{}, err
	}
	after, err := cpu(pid)
	if err != nil {
		return asked{}, err
	}
	done := number(completed, said)
	if done == 0 {
		return asked{}, fmt.Errorf("no answers: %s", said)
	}
	one := asked{
		perSecond: float64(done) / float64(*n.seconds),
		micros:    (after - before).Seconds() * 1e6 / float64(done),
		lost:      number(lost, said),
	}
	said, err = n.ask(server, *n.seconds, "-v", "-Q", strconv.Itoa(*n.rate))
	if err != nil {
		return asked{}, err
	}
	one.p99, err = p99(said)
	return one, err
}

// ask runs dnsperf; what it prints.
func (n *nameBench) ask(server *nameServed, seconds int, more ...string) (string, error) {
	line := append(append([]string{}, server.through...), "dnsperf", "-s", namesAt, "-p", server.port,
		"-d", n.file("questions"), "-l", strconv.Itoa(seconds), "-c", "8", "-q", "100")
	line = append(line, more...)
	out, err := exec.Command(line[0], line[1:]...).Output()
	return string(out), err
}

func number(pattern *regexp.Regexp, said string) int {
	found := pattern.FindStringSubmatch(said)
	if found == nil {
		return 0
	}
	value, _ := strconv.Atoi(found[1])
	return value
}

// p99 is of the answers that dnsperf lists, in milliseconds: code, name, type, seconds.
func p99(said string) (float64, error) {
	var took []time.Duration
	lines := bufio.NewScanner(strings.NewReader(said))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 5 || words[0] != ">" {
			continue
		}
		if words[1] != "NOERROR" {
			return 0, fmt.Errorf("answer: %s", lines.Text())
		}
		seconds, err := strconv.ParseFloat(words[len(words)-1], 64)
		if err != nil {
			return 0, err
		}
		took = append(took, time.Duration(seconds*1e9))
	}
	sort.Slice(took, func(a, b int) bool { return took[a] < took[b] })
	return at(took, 0.99), nil
}

func (n *nameBench) start(ctx context.Context, security *security, which string) (*nameServed, error) {
	switch which {
	case "unbound":
		return n.startUnbound()
	case "SDK":
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		server, err := n.bench.start("sdk.sock", exec.Command(self, "bare",
			"-listen", "unix://"+n.file("sdk.sock"), "-dns", namesAt+":"+namesPort))
		if err != nil {
			return nil, err
		}
		return &nameServed{process: server.process, port: namesPort}, n.fill(ctx, security, server)
	default:
		server, err := n.bench.startOurs(*n.bench.launcher, namesConfig)
		if err != nil {
			return nil, err
		}
		through := []string{"nsenter", "--net=/run/netns/vl3-bench"}
		return &nameServed{process: server.process, through: through, port: "53"}, n.fill(ctx, security, server)
	}
}

// fill requests as many connections as there are names.
func (n *nameBench) fill(ctx context.Context, security *security, server *served) error {
	service, pid := "vl3", server.process.Process.Pid
	l := &load{service: &service, callers: n.bench.callers, pid: &pid}
	if err := l.open(ctx, server.url, security); err != nil {
		return err
	}
	defer l.hangUp()
	_, err := l.run(ctx, fmt.Sprint("fill ", *n.names))
	return err
}

func (n *nameBench) startUnbound() (*nameServed, error) {
	var text strings.Builder
	fmt.Fprintf(&text, unboundConfig, namesPort, n.bench.folder, n.bench.folder)
	zone := strings.Index(text.String(), "remote-control:")
	config := text.String()[:zone]
	for i := 0; i < *n.names; i++ {
		config += fmt.Sprintf("  local-data: \"%s. 10 IN A 10.60.%d.%d\"\n", askedName(i), i/256%256, i%256)
	}
	config += text.String()[zone:]
	if err := os.WriteFile(n.file("unbound.conf"), []byte(config), 0o600); err != nil {
		return nil, err
	}
	command := exec.Command("unbound", "-d", "-c", n.file("unbound.conf"))
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	return &nameServed{process: command, port: namesPort}, nil
}

func (n *nameBench) print(all map[string][]asked) {
	out := os.Stdout
	fmt.Fprintf(out, "%d names, %d rounds in turn of %d s, 8 askers, 100 questions under way; p99 at %d questions a second; %d processors; commit %s\n\n",
		*n.names, *n.rounds, *n.seconds, *n.rate, runtime.NumCPU(), commit())
	fmt.Fprintln(out, "| server | questions/s | processor time us | of it / vl3 | p99 ms | lost |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|")
	ours := medianAsked(all["vl3"])
	for _, which := range servers {
		one := medianAsked(all[which])
		fmt.Fprintf(out, "| %s | %.0f | %.1f | %.2f | %.2f | %d |\n",
			which, one.perSecond, one.micros, one.micros/ours.micros, one.p99, one.lost)
	}
}

// medianAsked is the median of each figure by itself; of lost questions the sum.
func medianAsked(rounds []asked) asked {
	of := func(figure func(asked) float64) float64 {
		var all []float64
		for _, round := range rounds {
			all = append(all, figure(round))
		}
		return middle(all)
	}
	sum := 0
	for _, round := range rounds {
		sum += round.lost
	}
	return asked{
		perSecond: of(func(a asked) float64 { return a.perSecond }),
		micros:    of(func(a asked) float64 { return a.micros }),
		p99:       of(func(a asked) float64 { return a.p99 }),
		lost:      sum,
	}
}

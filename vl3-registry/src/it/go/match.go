package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strings"

	"github.com/networkservicemesh/api/pkg/api/registry"
	"github.com/networkservicemesh/sdk/pkg/tools/matchutils"
)

// matchPart is the SDK's choice of endpoints. The command "match" brings a network service, and as
// text the request's labels and the endpoints' ones; it answers the names that fit.
func matchPart(*flag.FlagSet) func(context.Context, *lines) error {
	return func(_ context.Context, lines *lines) error {
		lines.on("match", func(_ context.Context, cmd command) (reply, error) {
			service := &registry.NetworkService{}
			if err := decode(cmd.Message, service); err != nil {
				return reply{}, err
			}
			var asked struct {
				Labels    map[string]string            `json:"labels"`
				Endpoints map[string]map[string]string `json:"endpoints"`
				Order     []string                     `json:"order"`
			}
			if err := json.Unmarshal([]byte(cmd.Text), &asked); err != nil {
				return reply{}, fmt.Errorf("text: %w", err)
			}
			var endpoints []*registry.NetworkServiceEndpoint
			for _, name := range asked.Order {
				endpoints = append(endpoints, &registry.NetworkServiceEndpoint{
					Name:                name,
					NetworkServiceNames: []string{service.GetName()},
					NetworkServiceLabels: map[string]*registry.NetworkServiceLabels{
						service.GetName(): {Labels: asked.Endpoints[name]},
					},
				})
			}
			var names []string
			for _, endpoint := range matchutils.MatchEndpoint(asked.Labels, service, endpoints...) {
				names = append(names, endpoint.GetName())
			}
			return reply{text: strings.Join(names, " ")}, nil
		})
		lines.event("ready", "", nil)
		return nil
	}
}

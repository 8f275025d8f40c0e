// Writes the schemas that the chart's objects are validated against, from the API descriptions in the modules
// of Kubernetes and of the Prometheus operator: go run . DIRECTORY
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// The newest version of each line.
var kubernetes = []string{"v1.35.4", "v1.36.3", "v1.37.2"}

const operator = "v0.85.0"

// The kinds that the chart has: group, version, kind, as in x-kubernetes-group-version-kind.
var kinds = [][3]string{
	{"", "v1", "ConfigMap"},
	{"", "v1", "Secret"},
	{"", "v1", "Service"},
	{"", "v1", "ServiceAccount"},
	{"apps", "v1", "Deployment"},
	{"apps", "v1", "StatefulSet"},
	{"networking.k8s.io", "v1", "NetworkPolicy"},
	{"policy", "v1", "PodDisruptionBudget"},
}

var operatorKinds = []string{"servicemonitors", "prometheusrules"}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("go run . DIRECTORY (expected: where the schemas are written)")
	}
	for _, version := range kubernetes {
		check(writeKubernetes(filepath.Join(os.Args[1], version), version))
	}
	check(writeOperator(filepath.Join(os.Args[1], "crds")))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func writeKubernetes(directory, version string) error {
	text, err := fileOf("k8s.io/kubernetes", version, "api/openapi-spec/swagger.json")
	if err != nil {
		return err
	}
	var swagger struct {
		Definitions map[string]map[string]any
	}
	if err := json.Unmarshal(text, &swagger); err != nil {
		return err
	}
	reached := map[string]any{}
	for _, kind := range kinds {
		name, err := definitionOf(swagger.Definitions, kind)
		if err != nil {
			return fmt.Errorf("%s: %w", version, err)
		}
		reach(swagger.Definitions, name, reached)
		schema := map[string]any{"$ref": "definitions.json#/definitions/" + name}
		if err := write(directory, fileName(kind), schema); err != nil {
			return err
		}
	}
	return write(directory, "definitions.json", map[string]any{"definitions": reached})
}

func definitionOf(definitions map[string]map[string]any, kind [3]string) (string, error) {
	for name, definition := range definitions {
		gvks, _ := definition["x-kubernetes-group-version-kind"].([]any)
		for _, gvk := range gvks {
			is := gvk.(map[string]any)
			if is["group"] == kind[0] && is["version"] == kind[1] && is["kind"] == kind[2] {
				return name, nil
			}
		}
	}
	return "", fmt.Errorf("%v: no definition", kind)
}

// reach keeps the definition and all that it refers to.
func reach(definitions map[string]map[string]any, name string, reached map[string]any) {
	if _, done := reached[name]; done {
		return
	}
	reached[name] = nil
	reached[name] = strict(definitions[name], func(ref string) string {
		referred := strings.TrimPrefix(ref, "#/definitions/")
		reach(definitions, referred, reached)
		return "#/definitions/" + referred
	})
}

// strict keeps what says what is valid, and refuses fields that nobody has declared.
func strict(value any, follow func(string) string) any {
	switch it := value.(type) {
	case []any:
		for i := range it {
			it[i] = strict(it[i], follow)
		}
		return it
	case map[string]any:
		return strictObject(it, follow)
	default:
		return value
	}
}

func strictObject(it map[string]any, follow func(string) string) any {
	if it["format"] == "int-or-string" || it["x-kubernetes-int-or-string"] == true {
		return map[string]any{"type": []string{"string", "integer"}}
	}
	if ref, refers := it["$ref"].(string); refers {
		if strings.HasSuffix(ref, ".api.resource.Quantity") {
			return map[string]any{"type": []string{"string", "number"}}
		}
		return map[string]any{"$ref": follow(ref)}
	}
	kept := map[string]any{}
	for key, value := range it {
		switch {
		case key == "properties":
			properties := map[string]any{}
			for name, property := range value.(map[string]any) {
				properties[name] = strict(property, follow)
			}
			kept[key] = properties
			if it["x-kubernetes-preserve-unknown-fields"] != true {
				kept["additionalProperties"] = false
			}
		case key == "description", key == "default", key == "format", strings.HasPrefix(key, "x-kubernetes-"):
		default:
			kept[key] = strict(value, follow)
		}
	}
	return kept
}

func writeOperator(directory string) error {
	for _, kind := range operatorKinds {
		file := "example/prometheus-operator-crd/monitoring.coreos.com_" + kind + ".yaml"
		text, err := fileOf("github.com/prometheus-operator/prometheus-operator", operator, file)
		if err != nil {
			return err
		}
		var crd struct {
			Spec struct {
				Group    string
				Names    struct{ Kind string }
				Versions []struct {
					Name   string
					Schema struct{ OpenAPIV3Schema map[string]any }
				}
			}
		}
		if err := yaml.Unmarshal(text, &crd); err != nil {
			return err
		}
		version := crd.Spec.Versions[0]
		schema := version.Schema.OpenAPIV3Schema
		// An object's metadata is declared with no more than its type.
		schema["properties"].(map[string]any)["metadata"] = map[string]any{"type": "object"}
		name := fileName([3]string{crd.Spec.Group, version.Name, crd.Spec.Names.Kind})
		if err := write(directory, name, strict(schema, nil)); err != nil {
			return err
		}
	}
	return nil
}

// fileName is what kubeconform asks for: the kind, the first label of its group, and the version.
func fileName(kind [3]string) string {
	parts := []string{kind[2]}
	if group, _, _ := strings.Cut(kind[0], "."); group != "" {
		parts = append(parts, group)
	}
	return strings.ToLower(strings.Join(append(parts, kind[1]), "-")) + ".json"
}

func fileOf(module, version, file string) ([]byte, error) {
	command := exec.Command("go", "mod", "download", "-json", module+"@"+version)
	command.Stderr = os.Stderr
	said, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go mod download %s@%s: %w: %s", module, version, err, said)
	}
	var downloaded struct{ Dir string }
	if err := json.Unmarshal(said, &downloaded); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(downloaded.Dir, file))
}

// write writes a line for each definition, so that differences can be read.
func write(directory, name string, schema any) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	text, err := json.Marshal(schema)
	if err != nil {
		return err
	}
	lines := strings.ReplaceAll(string(text), `,"io.k8s.`, ",\n\"io.k8s.")
	return os.WriteFile(filepath.Join(directory, name), []byte(lines+"\n"), 0o644)
}

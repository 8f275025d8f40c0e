#!/usr/bin/env bash
# Guess: a traceparent that OpenTelemetry for Java writes is read by OpenTelemetry for Go, so that a trace goes on.
# Seen with opentelemetry-sdk 1.68.0 for Java and go.opentelemetry.io/otel: Java's root spans carry the flags 03 (sampled, and "random
# trace id" of W3C's trace context level 2). Go 1.35.0, which NSM's SDK 1.15 requires, takes version 00 with flags up to 02 only, and drops
# the whole header without a word: every span behind it is the root of a trace of its own. With the second flag cleared it is read.
# Needs java, mvn and go; fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/otel.XXXXXX)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"

cat >pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.opentelemetry</groupId><artifactId>opentelemetry-sdk</artifactId><version>1.68.0</version></dependency>
  </dependencies>
</project>
POM
cat >Write.java <<'JAVA'
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Map;
import java.util.HashMap;

public class Write {
  public static void main(String[] none) {
    // Without a processor no span is recorded.
    var processor = SimpleSpanProcessor.create(SpanExporter.composite());
    var provider = SdkTracerProvider.builder().addSpanProcessor(processor).build();
    var span = provider.get("x").spanBuilder("root").startSpan();
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance().inject(Context.current().with(span), headers, Map::put);
    System.out.println(headers.get("traceparent"));
  }
}
JAVA
mvn -q -B dependency:copy-dependencies -DoutputDirectory=jars
header=$(java -cp 'jars/*' Write.java)
echo "Java 1.68.0 writes $header"

mkdir read && cd read
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

func main() {
	for _, header := range os.Args[1:] {
		carrier := propagation.MapCarrier{"traceparent": header}
		ctx := propagation.TraceContext{}.Extract(context.Background(), carrier)
		fmt.Println("Go 1.35.0 reads", header, trace.SpanContextFromContext(ctx).IsValid())
	}
}
GO
go mod init x >/dev/null 2>&1
go get go.opentelemetry.io/otel@v1.35.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . "$header" "${header%??}01" | tee ../go.out

grep -Eq '^00-[0-9a-f]{32}-[0-9a-f]{16}-03$' <<<"$header"
grep -qx "Go 1.35.0 reads $header false" ../go.out
grep -qx "Go 1.35.0 reads ${header%??}01 true" ../go.out
echo "as described"

#!/usr/bin/env bash
# Guess: the JVM's archive of a command line program holds the classes of the library that parses the command line.
# Seen with picocli 4.7.7 and OpenJDK 17.0.15: all but the module descriptor of its jar is of class file version 49 (Java 5), and an
# archive made by -XX:ArchiveClassesAtExit holds nothing older than version 50. So not one of its classes is in the archive: a program with one
# option reads over a hundred of them from the jar at every start, and the JVM checks each with the verifier for old class files. A class
# of the program that has one of them above it is left out too (here a version provider), one that only uses them is not.
# Needs java and javac 17, mvn and unzip; fails if any of that changes.
set -euo pipefail

folder=$(mktemp -d /tmp/picocli.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mvn -q -B dependency:get -Dartifact=info.picocli:picocli:4.7.7
mvn -q -B dependency:copy -Dartifact=info.picocli:picocli:4.7.7 -DoutputDirectory=.
java -version 2>&1 | head -n 1

mkdir all && (cd all && unzip -q ../picocli-4.7.7.jar)
find all -name '*.class' -exec sh -c 'for f; do od -An -j7 -N1 -tu1 "$f"; done' sh {} + | sort | uniq -c | tee versions
[ "$(awk '$2 == 49 {print $1}' versions)" -gt 150 ]
[ "$(awk '$2 != 49 {n += $1} END {print n + 0}' versions)" -le 1 ]

cat >One.java <<'JAVA'
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

@Command(name = "one", versionProvider = One.Version.class)
public class One implements Runnable {
  @Option(names = "--times") int times;

  public static class Version implements IVersionProvider {
    public String[] getVersion() {
      return new String[] {"1"};
    }
  }

  public void run() {
    System.out.println("ran " + times);
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new One()).execute(arguments));
  }
}
JAVA
javac -proc:none -cp picocli-4.7.7.jar One.java
jar -c -f one.jar One*.class
path=one.jar:picocli-4.7.7.jar
java -XX:ArchiveClassesAtExit=one.jsa -Xlog:cds=off -Xlog:cds+dynamic=off -cp "$path" One --times 2 2>/dev/null
java -XX:SharedArchiveFile=one.jsa -Xlog:class+load -cp "$path" One --times 3 >loaded
grep -q '^ran 3' loaded

count() { grep -c "$1" loaded || true; }
echo "picocli: $(count ' picocli\..* source: file:') classes from the jar, $(count ' picocli\..* source: shared') from the archive"
[ "$(count ' picocli\..* source: file:')" -gt 100 ]
[ "$(count ' picocli\..* source: shared')" -eq 0 ]
grep -E ' One([$]Version)? source:' loaded
grep -q ' One source: shared objects file (top)' loaded
grep -q ' One[$]Version source: file:' loaded

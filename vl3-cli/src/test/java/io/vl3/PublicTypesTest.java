package io.vl3;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vl3.cli.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A type is public only where another package of ours uses it, or somebody outside is to. What only
 * our packages need lies in packages named {@code internal}, which promise nothing.
 */
class PublicTypesTest {

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.vl3");

  /** Members that our own packages hand to each other, and nobody outside has to call. */
  private static final Set<String> BETWEEN_OURS =
      Set.of(
          "io.vl3.nsm.NsmRuntime.files()",
          "io.vl3.nsm.NsmRuntime.serving(io.vl3.endpoint.EndpointRunner)",
          "io.vl3.nsm.manager.EmbeddedManager.registry()");

  /** What nobody of ours uses from another package; each is there for those who build on us. */
  private static final Set<String> FOR_OTHERS =
      Set.of(
          "io.vl3.health.Severity",
          "io.vl3.ipam.PrefixPool",
          "io.vl3.nse.Companion",
          "io.vl3.nse.NseOffer",
          "io.vl3.nse.NsePresence",
          "io.vl3.nsm.junit.EmbeddedManagerExtension",
          "io.vl3.nsm.junit.MemoryDataPlane",
          "io.vl3.nsm.manager.NodeSettings",
          "io.vl3.transport.CallMemory",
          "io.vl3.vpp.AskMemif",
          "io.vl3.vpp.VppDataPlane",
          "io.vl3.vpp.VppStatus",
          "io.vl3.vpp.api.ApiField",
          "io.vl3.vpp.api.ApiService",
          "io.vl3.vpp.api.ApiType",
          "io.vl3.vpp.api.MessageType");

  /** Used by lambdas, by constants or by tests of another module, which the class files hide. */
  private static final Set<String> USED_WITHOUT_TRACE =
      Set.of(
          "io.vl3.grpc.internal.ConnectionConverter",
          "io.vl3.linux.NetnsLocator",
          "io.vl3.mesh.Dialler",
          "io.vl3.registry.PeerLabels");

  @Test
  void everyPublicType_isUsedByAnotherPackage_orIsForOthers() {
    List<String> surplus =
        ALL.stream()
            .filter(PublicTypesTest::isPublic)
            .filter(type -> ALL.stream().noneMatch(part -> isUsedElsewhere(type, part)))
            .map(JavaClass::getName)
            .filter(name -> !FOR_OTHERS.contains(name) && !USED_WITHOUT_TRACE.contains(name))
            .sorted()
            .toList();
    assertThat(surplus).isEmpty();
  }

  /** A new name in the file is a new promise. */
  @Test
  void typesThatPromiseSomething_areThoseOfTheList() {
    Golden.check(
        Path.of("src/test/resources/io/vl3/public-types.txt"),
        promising().map(type -> type.getName() + "\n").sorted().collect(Collectors.joining()));
  }

  @Test
  void whatPromisesSomething_showsNothingInternal() {
    List<String> leaks =
        promising()
            .flatMap(type -> type.getMembers().stream())
            .filter(PublicTypesTest::isSeen)
            .filter(PublicTypesTest::showsInternals)
            .map(JavaMember::getFullName)
            .filter(name -> !BETWEEN_OURS.contains(name))
            .sorted()
            .toList();
    assertThat(leaks).isEmpty();
  }

  @Test
  void examples_useNothingInternal() throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
      sources = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    assertThat(sources)
        .isNotEmpty()
        .allSatisfy(
            source ->
                assertThat(Files.readString(source))
                    .doesNotContainPattern("io\\.vl3\\.[a-z.]*internal"));
  }

  private static Stream<JavaClass> promising() {
    return ALL.stream().filter(PublicTypesTest::isPublic).filter(type -> !isInternal(type));
  }

  private static boolean isInternal(JavaClass type) {
    return (type.getPackageName() + ".").contains(".internal.");
  }

  private static boolean isSeen(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean showsInternals(JavaMember member) {
    Stream<JavaClass> shown =
        member instanceof JavaCodeUnit code
            ? Stream.concat(
                code.getReturnType().getAllInvolvedRawTypes().stream(),
                code.getParameterTypes().stream()
                    .flatMap(type -> type.getAllInvolvedRawTypes().stream()))
            : ((JavaField) member).getType().getAllInvolvedRawTypes().stream();
    return shown.anyMatch(type -> type.getName().startsWith("io.vl3") && isInternal(type));
  }

  /** The command line is a program: its packages promise nothing, and tests reach into it. */
  private static boolean isPublic(JavaClass type) {
    return type.isTopLevelClass()
        && type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.getPackageName().startsWith("io.vl3.api")
        && !type.getPackageName().startsWith("io.vl3.cli");
  }

  private static boolean isUsedElsewhere(JavaClass type, JavaClass part) {
    boolean within = part.equals(type) || part.getName().startsWith(type.getName() + "$");
    return within
        && part.getDirectDependenciesToSelf().stream()
            .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
  }
}

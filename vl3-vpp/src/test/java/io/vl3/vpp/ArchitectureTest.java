package io.vl3.vpp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vl3.api.ligato.configurator.UpdateRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** The arrows between packages, and what library code must not do. */
@AnalyzeClasses(packages = "io.vl3.vpp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule theProgrammerKnowsLinksAndNoChain =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.vpp.internal..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vl3.endpoint.element..", "io.vl3.mesh..", "io.vl3.ipam..", "io.vl3.registry..");

  @ArchTest
  static final ArchRule otherProgrammersAndTheManagerAreNotSeen =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.linux..", "io.vl3.nsm..", "io.vl3.transport..");

  @ArchTest
  static final ArchRule generatedClassesAreSeenInsideOnly =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.vpp")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.api..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule aFullResyncIsNeverAskedFor =
      noClasses().should().callMethod(UpdateRequest.Builder.class, "setFullResync", boolean.class);

  @ArchTest
  static final ArchRule libraryCodeReadsNoClock =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule libraryCodeStartsNoThread =
      noClasses()
          .should()
          .callMethod(Thread.class, "start")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.Executors");

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses classes) {
    assertThat(List.of("io.vl3.vpp", "io.vl3.vpp.internal"))
        .allMatch(name -> classes.getPackage(name).isAnnotatedWith(NullMarked.class));
  }
}

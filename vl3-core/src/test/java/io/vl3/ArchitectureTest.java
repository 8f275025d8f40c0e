package io.vl3;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** The arrows between packages, and what library code must not do. */
@AnalyzeClasses(packages = "io.vl3", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule netDependsOnNothing =
      classes()
          .that()
          .resideInAPackage("io.vl3.net")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.vl3.net", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule connectionsAreValuesOverNet =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.connection")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vl3.endpoint..", "io.vl3.dataplane..", "io.vl3.registry..", "io.grpc..");

  @ArchTest
  static final ArchRule theChainKnowsNoneOfItsUsers =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.endpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.mesh..", "io.vl3.ipam..", "io.vl3.grpc..", "io.grpc..");

  @ArchTest
  static final ArchRule theChainItselfKnowsNoElement =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.endpoint")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.endpoint.element..", "io.vl3.dataplane..");

  @ArchTest
  static final ArchRule programmersAndRegistriesAreInterfacesOfOurs =
      noClasses()
          .that()
          .resideInAnyPackage("io.vl3.dataplane..", "io.vl3.registry..", "io.vl3.time..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vl3.mesh..", "io.vl3.ipam..", "io.vl3.grpc..", "io.vl3.endpoint.element..");

  @ArchTest
  static final ArchRule generatedClassesAreSeenByTheEdgeOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.vl3.grpc..", "io.vl3.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.api..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule libraryCodeReadsNoClock =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.vl3.time.SystemTimer")
          .and()
          .resideOutsideOfPackage("io.vl3.api..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule libraryCodeStartsNoThread =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vl3.api..")
          .should()
          .callConstructor(Thread.class, Runnable.class)
          .orShould()
          .callMethod(Thread.class, "start")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.Executors");

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses classes) {
    List<String> unmarked = new ArrayList<>();
    for (JavaPackage all : classes.getPackage("io.vl3").getSubpackagesInTree()) {
      boolean ours = !all.getName().startsWith("io.vl3.api") && !all.getClasses().isEmpty();
      if (ours && !all.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(all.getName());
      }
    }
    assertThat(unmarked).isEmpty();
  }
}

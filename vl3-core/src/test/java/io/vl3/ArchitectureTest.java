package io.vl3;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between packages. */
@AnalyzeClasses(packages = "io.vl3", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest static final ArchTests library = ArchTests.in(LibraryRules.class);

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
  static final ArchRule linksKnowNoNetwork =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.links..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.mesh..", "io.vl3.ipam..", "io.vl3.grpc..", "io.grpc..");

  /** The chain programs links; links know nothing of the chain. */
  @ArchTest
  static final ArchRule dataPlanesKnowNoChain =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.dataplane..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.endpoint..", "io.vl3.registry..");

  @ArchTest
  static final ArchRule failuresStandAlone =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.failure")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vl3.endpoint..", "io.vl3.connection..", "io.vl3.dataplane..", "io.grpc..");

  /** Everybody reports; so what takes the reports can know nobody. */
  @ArchTest
  static final ArchRule healthStandsAlone =
      classes()
          .that()
          .resideInAPackage("io.vl3.health")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.vl3.health", "io.vl3.measure", "java..", "org.jspecify..");

  /** The same of what everybody measures by. */
  @ArchTest
  static final ArchRule measuresKnowFailuresAlone =
      classes()
          .that()
          .resideInAPackage("io.vl3.measure")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.vl3.measure", "io.vl3.failure", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule nobodyNeedsToBeLookedAt =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vl3.status")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vl3.status");

  @ArchTest
  static final ArchRule generatedClassesAreSeenByTheEdgeOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.vl3.grpc..", "io.vl3.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.api..", "com.google.protobuf..");
}

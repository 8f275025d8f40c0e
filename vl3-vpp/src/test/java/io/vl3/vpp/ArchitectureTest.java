package io.vl3.vpp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.vl3.LibraryRules;
import io.vl3.api.ligato.configurator.UpdateRequest;

/** The arrows between packages. */
@AnalyzeClasses(packages = "io.vl3.vpp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest static final ArchTests library = ArchTests.in(LibraryRules.class);

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
}

package io.vl3.linux;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.vl3.LibraryRules;

/** The arrows between packages. */
@AnalyzeClasses(packages = "io.vl3.linux", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest static final ArchTests library = ArchTests.in(LibraryRules.class);

  @ArchTest
  static final ArchRule theKernelProgrammerKnowsLinksAndNoChain =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vl3.linux.links")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vl3.links..",
              "io.vl3.endpoint.element..",
              "io.vl3.mesh..",
              "io.vl3.ipam..",
              "io.vl3.registry..",
              "io.grpc..");

  @ArchTest
  static final ArchRule theLinksOfAnNseKnowNoNetworkAndNoManager =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vl3.mesh..", "io.vl3.ipam..", "io.vl3.nse..", "io.vl3.nsm..", "io.vl3.vpp..");
}

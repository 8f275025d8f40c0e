package io.vl3;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between packages. */
@AnalyzeClasses(
    packages = {
      "io.vl3.admin",
      "io.vl3.nse",
      "io.vl3.nsm",
      "io.vl3.transport",
      "io.vl3.nameserver"
    },
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest static final ArchTests library = ArchTests.in(LibraryRules.class);

  @ArchTest
  static final ArchRule noNetworkIsKnown =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.vl3.nse", "io.vl3.admin")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.mesh..", "io.vl3.ipam..", "io.vl3.nse..");

  /** It is given what it shows: NSEs depend on it, not the other way round. */
  @ArchTest
  static final ArchRule theAdminServiceKnowsNoNse =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.admin")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.nse..", "io.vl3.nsm.manager..");

  @ArchTest
  static final ArchRule noDataPlaneIsKnown =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.linux..", "io.vl3.vpp..");

  @ArchTest
  static final ArchRule transportKnowsNeitherManagerNorRegistry =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.transport..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.nsm..", "io.vl3.nameserver..", "io.vl3.api..");

  @ArchTest
  static final ArchRule socketsAndIdentitiesKnowNoChannels =
      noClasses()
          .that()
          .resideInAnyPackage("io.vl3.transport.internal.unix", "io.vl3.transport.identity")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.transport", "io.vl3.transport.svid");

  @ArchTest
  static final ArchRule endpointsAndClientsKnowNoEmbeddedManager =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.vl3.nsm", "io.vl3.nsm.internal.registry", "io.vl3.nsm.internal.file")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.nsm.manager");

  @ArchTest
  static final ArchRule theRegistryKnowsNoServersOfEndpoints =
      noClasses()
          .that()
          .resideInAnyPackage("io.vl3.nsm.internal.registry", "io.vl3.nsm.internal.file")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.nsm");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.vl3.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theNameServerStandsAlone =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.nameserver..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vl3.nsm..", "io.vl3.transport..", "io.grpc..");
}

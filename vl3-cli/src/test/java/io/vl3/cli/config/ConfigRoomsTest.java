package io.vl3.cli.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms of the configuration. */
@AnalyzeClasses(
    packages = "io.vl3.cli.config",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ConfigRoomsTest {

  @ArchTest
  static final ArchRule roomsHaveNoCycles =
      slices().matching("io.vl3.cli.config.(*)").should().beFreeOfCycles();

  /** The records promise what was read, not how. */
  @ArchTest
  static final ArchRule recordsKnowNoReader =
      noClasses()
          .that()
          .resideInAPackage("io.vl3.cli.config")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vl3.cli.config.*..");

  @ArchTest
  static final ArchRule nothingBelowKnowsTheReading =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.vl3.cli.config.read")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vl3.cli.config.read");
}

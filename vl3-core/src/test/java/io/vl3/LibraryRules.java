package io.vl3;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Instant;
import org.jspecify.annotations.NullMarked;

/** What library code of any module must not do. */
public final class LibraryRules {

  private static final String GENERATED = "io.vl3.api..";
  private static final String JUNIT_EXTENSIONS = "io.vl3.nsm.junit..";

  private LibraryRules() {}

  @ArchTest
  static final ArchRule libraryCodeReadsNoClock =
      library()
          .and()
          .doNotHaveFullyQualifiedName("io.vl3.time.SystemTimer")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  /** A thread that moves into a network namespace cannot be a borrowed one. */
  @ArchTest
  static final ArchRule libraryCodeStartsNoThread =
      library()
          .and()
          .haveNameNotMatching("io\\.vl3\\.linux\\.Netns.*")
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
    assertThat(
            classes.stream()
                .map(JavaClass::getPackage)
                .filter(all -> !all.getName().startsWith("io.vl3.api"))
                .filter(all -> !all.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName))
        .isEmpty();
  }

  private static GivenClassesConjunction library() {
    return noClasses().that().resideOutsideOfPackages(GENERATED, JUNIT_EXTENSIONS);
  }
}

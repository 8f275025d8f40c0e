package io.vl3;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A type is public only where another package of ours uses it, or somebody outside is to. */
class PublicTypesTest {

  /** What nobody of ours uses from another package; each is there for those who build on us. */
  private static final Set<String> FOR_OTHERS =
      Set.of(
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
          "io.vl3.grpc.ConnectionConverter",
          "io.vl3.linux.NetnsLocator",
          "io.vl3.mesh.Dialler",
          "io.vl3.registry.PeerLabels");

  @Test
  void everyPublicType_isUsedByAnotherPackage_orIsForOthers() {
    JavaClasses all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.vl3");
    List<String> surplus =
        all.stream()
            .filter(PublicTypesTest::isPublic)
            .filter(type -> all.stream().noneMatch(part -> isUsedElsewhere(type, part)))
            .map(JavaClass::getName)
            .filter(name -> !FOR_OTHERS.contains(name) && !USED_WITHOUT_TRACE.contains(name))
            .sorted()
            .toList();
    assertThat(surplus).isEmpty();
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

package org.fwreplay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the dependencies between the engine's packages, as ARCHITECTURE.md draws them. */
class ArchitectureTest {
  /** From top to bottom: a package may use those below its line, not those above or beside it. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("diff"),
          List.of("replay"),
          List.of("hook", "lint"),
          List.of("region"),
          List.of("rule"),
          List.of("xt"),
          List.of("helper", "legacy"),
          List.of("nat"),
          List.of("conntrack"),
          List.of("ipset"),
          List.of("host"),
          List.of("packet"),
          List.of("diagnostic"),
          List.of("capture"),
          List.of("task"));

  private static JavaClasses engine;

  @BeforeAll
  static void importTheEngine() {
    engine =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("org/fwreplay/parsers/"))
            .importPackages("org.fwreplay");
  }

  static List<String> packages() {
    return LAYERS.stream().flatMap(List::stream).toList();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageUsesOnlyPackagesBelowIt(String name) {
    int layer =
        IntStream.range(0, LAYERS.size())
            .filter(i -> LAYERS.get(i).contains(name))
            .findFirst()
            .orElseThrow();
    String[] notBelow =
        LAYERS.subList(0, layer + 1).stream()
            .flatMap(List::stream)
            .filter(other -> !other.equals(name))
            .map(ArchitectureTest::tree)
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage(tree(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(notBelow)
        .allowEmptyShould(true)
        .check(engine);
  }

  @Test
  void theExtensionInterfaceKnowsNoExtension() {
    noClasses()
        .that()
        .resideInAPackage("org.fwreplay.xt")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(tree("xt.match"), tree("xt.target"))
        .check(engine);
  }

  @Test
  void everyClassHasItsPlaceInTheLayers() {
    classes()
        .should()
        .resideInAnyPackage(packages().stream().map(ArchitectureTest::tree).toArray(String[]::new))
        .check(engine);
  }

  @Test
  void theEngineUsesNoLibraryButItsOwn() {
    Stream<String> libraries =
        Stream.of(
            "java..",
            tree("parsers"),
            "tools.jackson..",
            "com.fasterxml.jackson.annotation..",
            "io.pkts..",
            "com.github.luben.zstd..",
            "org.tukaani.xz..");
    Stream<String> own = packages().stream().map(ArchitectureTest::tree);

    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(Stream.concat(libraries, own).toArray(String[]::new))
        .check(engine);
  }

  private static String tree(String name) {
    return "org.fwreplay." + name + "..";
  }
}

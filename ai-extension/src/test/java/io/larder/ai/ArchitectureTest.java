package io.larder.ai;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The core needs JCache only; whatever is optional is known to one leaf each. */
@AnalyzeClasses(packages = "io.larder.ai", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("io.larder.ai.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONE_LEAF_KNOWS_THE_PROVIDER = noClasses()
      .that()
      .resideOutsideOfPackage("io.larder.ai.larder")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "io.larder", "io.larder.config..", "io.larder.stats..", "io.larder.store..");

  @ArchTest
  static final ArchRule ONE_LEAF_KNOWS_MICROMETER = noClasses()
      .that()
      .resideOutsideOfPackage("io.larder.ai.micrometer")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("io.micrometer..");

  @ArchTest
  static final ArchRule ONE_LEAF_KNOWS_LANGCHAIN4J = noClasses()
      .that()
      .resideOutsideOfPackage("io.larder.ai.langchain4j")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("dev.langchain4j..");

  @ArchTest
  static final ArchRule ONE_LEAF_KNOWS_SPRING_AI_AND_JACKSON = noClasses()
      .that()
      .resideOutsideOfPackage("io.larder.ai.springai")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.springframework.ai..", "tools.jackson..");

  @ArchTest
  static final ArchRule LEAVES_ARE_KNOWN_TO_NOBODY = noClasses()
      .that()
      .resideOutsideOfPackages("io.larder.ai.langchain4j", "io.larder.ai.springai")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.larder.ai.langchain4j", "io.larder.ai.springai");

  @ArchTest
  static final ArchRule ONE_LEAF_KNOWS_CDI = noClasses()
      .that()
      .resideOutsideOfPackage("io.larder.ai.cdi")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("jakarta..");

  @ArchTest
  static final ArchRule CORE_KNOWS_NEITHER_SPRING_NOR_REACTOR = noClasses()
      .that()
      .resideInAnyPackage(
          "io.larder.ai",
          "io.larder.ai.adapter",
          "io.larder.ai.annotation",
          "io.larder.ai.cdi",
          "io.larder.ai.config",
          "io.larder.ai.intercept",
          "io.larder.ai.key",
          "io.larder.ai.platform",
          "io.larder.ai.stats")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.springframework..", "reactor..", "org.reactivestreams..");

  @ArchTest
  static final ArchRule SPRING_AND_REACTOR_KNOW_NOTHING_OF_EACH_OTHER = noClasses()
      .that()
      .resideInAPackage("io.larder.ai.spring")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("reactor..", "org.reactivestreams..");

  @ArchTest
  static final ArchRule ANNOTATIONS_NEED_NOTHING = noClasses()
      .that()
      .resideInAPackage("io.larder.ai.annotation")
      .should()
      .dependOnClassesThat()
      .resideOutsideOfPackages("io.larder.ai.annotation", "java..", "org.jspecify..");
}

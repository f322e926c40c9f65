package io.larder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** Dependencies point down only, as the layers are drawn in docs/architecture.md. */
@AnalyzeClasses(packages = "io.larder", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule LAYERS = Architectures.layeredArchitecture()
      .consideringOnlyDependenciesInLayers()
      .layer("surface")
      .definedBy("io.larder")
      .layer("redis")
      .definedBy("io.larder.store.redis")
      .layer("store")
      .definedBy("io.larder.store")
      .layer("codec")
      .definedBy("io.larder.codec")
      .layer("event")
      .definedBy("io.larder.event")
      .layer("expiry")
      .definedBy("io.larder.expiry")
      .layer("management")
      .definedBy("io.larder.management")
      .layer("stats")
      .definedBy("io.larder.stats")
      .layer("log")
      .definedBy("io.larder.log")
      .layer("config")
      .definedBy("io.larder.config")
      .whereLayer("surface")
      .mayNotBeAccessedByAnyLayer()
      .whereLayer("redis")
      .mayOnlyBeAccessedByLayers("surface")
      .whereLayer("store")
      .mayOnlyBeAccessedByLayers("surface", "redis")
      .whereLayer("codec")
      .mayOnlyBeAccessedByLayers("surface", "redis")
      .whereLayer("event")
      .mayOnlyBeAccessedByLayers("surface")
      .whereLayer("expiry")
      .mayOnlyBeAccessedByLayers("surface", "store", "redis")
      .whereLayer("management")
      .mayOnlyBeAccessedByLayers("surface")
      .whereLayer("stats")
      .mayOnlyBeAccessedByLayers("surface", "store", "redis", "codec", "management")
      .whereLayer("config")
      .mayOnlyBeAccessedByLayers("surface", "redis", "codec", "log");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.larder.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule REDISSON_STAYS_IN_ITS_PACKAGE = noClasses()
      .that()
      .resideOutsideOfPackage("io.larder.store.redis")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("org.redisson..");

  @ArchTest
  static final ArchRule NO_JAVA_DESERIALIZATION = noClasses()
      .should()
      .callMethod(java.io.ObjectInputStream.class, "readObject")
      .orShould()
      .callConstructor(java.io.ObjectInputStream.class, java.io.InputStream.class)
      .orShould()
      .beAssignableTo(java.io.ObjectInputStream.class);
}

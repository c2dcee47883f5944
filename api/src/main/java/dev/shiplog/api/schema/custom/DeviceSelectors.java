package dev.shiplog.api.schema.custom;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.bundle.Cel;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.Optional;

/**
 * Expressions that choose devices ({@code resource.k8s.io}): what is wrong with one is told with
 * the object that holds it, and not when a pod waits for a device.
 */
public final class DeviceSelectors {

  private static final int LONGEST = 10 * 1024;
  private static final String DEVICE = "kubernetes.DRADevice";

  private DeviceSelectors() {}

  private static final class Environment {
    static final Cel CEL = cel();
  }

  /** What is wrong with an expression; empty if nothing is. */
  public static Optional<String> problem(String expression) {
    if (expression.length() > LONGEST) {
      return Optional.of("may not be more than " + LONGEST + " characters");
    }
    CelValidationResult compiled = Environment.CEL.compile(expression);
    if (compiled.hasError()) {
      return Optional.of("compilation failed: " + compiled.getErrorString());
    }
    return result(compiled);
  }

  private static Optional<String> result(CelValidationResult compiled) {
    try {
      CelType type = compiled.getAst().getResultType();
      boolean decides = type.equals(SimpleType.BOOL) || type.equals(SimpleType.DYN);
      return decides
          ? Optional.empty()
          : Optional.of("must evaluate to bool or the unknown type, not " + type.name());
    } catch (dev.cel.common.CelValidationException e) {
      return Optional.of("compilation failed: " + e.getMessage());
    }
  }

  private static Cel cel() {
    ImmutableMap<String, CelType> fields =
        ImmutableMap.of(
            "driver",
            SimpleType.STRING,
            "attributes",
            byDomain(SimpleType.DYN),
            "capacity",
            byDomain(CelQuantities.TYPE),
            "allowMultipleAllocations",
            SimpleType.BOOL);
    CelType device =
        StructType.create(
            DEVICE,
            ImmutableSet.copyOf(fields.keySet()),
            field -> Optional.ofNullable(fields.get(field)));
    return CelLibrary.builder()
        .setTypeProvider(CelTypes.provider(ImmutableMap.of(DEVICE, device)))
        .addVar("device", device)
        .build();
  }

  private static MapType byDomain(CelType values) {
    return MapType.create(SimpleType.STRING, MapType.create(SimpleType.STRING, values));
  }
}

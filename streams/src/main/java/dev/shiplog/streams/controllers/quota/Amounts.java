package dev.shiplog.streams.controllers.quota;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;

/** Quantities added up and written the way Kubernetes writes them: as short as is exact. */
final class Amounts {

  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
  private static final List<String> DECIMAL = List.of("", "k", "M", "G", "T", "P", "E");
  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

  private Amounts() {}

  static Quantity number(long number) {
    return new Quantity(Long.toString(number));
  }

  static Quantity sum(Stream<Quantity> quantities) {
    BigDecimal sum = BigDecimal.ZERO;
    boolean binary = false;
    for (Quantity quantity : quantities.toList()) {
      BigDecimal amount = quantity.getNumericalAmount();
      binary |= amount.signum() != 0 && quantity.getFormat().endsWith("i");
      sum = sum.add(amount);
    }
    return write(sum, binary);
  }

  static Quantity larger(Quantity one, Quantity other) {
    return one.getNumericalAmount().compareTo(other.getNumericalAmount()) >= 0 ? one : other;
  }

  private static Quantity write(BigDecimal amount, boolean binary) {
    if (amount.stripTrailingZeros().scale() > 0) {
      return new Quantity(amount.multiply(THOUSAND).toBigInteger().toString(), "m");
    }
    BigInteger base = BigInteger.valueOf(binary ? 1024 : 1000);
    List<String> suffixes = binary ? BINARY : DECIMAL;
    BigInteger whole = amount.toBigInteger();
    int power = 0;
    while (whole.signum() != 0 && power < suffixes.size() - 1 && whole.mod(base).signum() == 0) {
      whole = whole.divide(base);
      power++;
    }
    return new Quantity(whole.toString(), suffixes.get(power));
  }
}

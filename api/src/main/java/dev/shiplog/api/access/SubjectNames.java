package dev.shiplog.api.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * Who a certificate is for, by its subject; the same for who asks for one, who issues it and who
 * believes it, so that none of them reads another name than the others.
 */
public final class SubjectNames {

  private SubjectNames() {}

  /** The common name; empty if there is none, or more than one: who knows which of them counts? */
  public static Optional<String> commonName(X500Name subject) {
    List<String> names = values(subject, BCStyle.CN);
    return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
  }

  public static List<String> organizations(X500Name subject) {
    return values(subject, BCStyle.O);
  }

  /** One RDN may hold several attributes, of several types and in any order. */
  private static List<String> values(X500Name subject, ASN1ObjectIdentifier type) {
    return Arrays.stream(subject.getRDNs())
        .flatMap(rdn -> Arrays.stream(rdn.getTypesAndValues()))
        .filter(attribute -> attribute.getType().equals(type))
        .map(attribute -> IETFUtils.valueToString(attribute.getValue()))
        .toList();
  }
}

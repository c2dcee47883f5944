package dev.shiplog.standalone.pki;

import java.util.Arrays;
import java.util.Collection;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * Whom a certificate is for.
 *
 * @param user common name: the Kubernetes user name
 * @param group organization: the Kubernetes group; empty for none
 * @param hosts names and addresses it serves under; empty for a client
 * @param key what its key is made of
 */
record Subject(String user, String group, Collection<String> hosts, KeyKind key) {

  X500Name name() {
    X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
    if (!group.isEmpty()) {
      builder.addRDN(BCStyle.O, group);
    }
    return builder.addRDN(BCStyle.CN, user).build();
  }

  GeneralName[] alternativeNames() {
    return hosts.stream().distinct().map(Subject::alternativeName).toArray(GeneralName[]::new);
  }

  private static GeneralName alternativeName(String host) {
    boolean address =
        host.indexOf(':') >= 0 || Arrays.stream(host.split("\\.")).allMatch(Subject::isOctet);
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private static boolean isOctet(String part) {
    return part.matches("\\d{1,3}");
  }
}

/** What node agents may write beyond what authorization can see: NodeRestriction. */
package dev.shiplog.api.admission.nodes;

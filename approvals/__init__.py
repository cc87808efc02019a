"""An action's life, from an agent's request to evidence: records, the services that change them, and the doors."""

"""What the filling page shows: tree, score header, cards. No HTML, no database."""

<p>one</p>

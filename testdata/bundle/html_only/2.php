
<p>two</p>

create or replace function stats.solve_linear_system(p_matrix double precision[], p_right double precision[])
returns double precision[]
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_n constant int := cardinality(p_right);
  v_a double precision[] := p_matrix;
  v_b double precision[] := p_right;
  v_factor double precision;
begin
  for k in 1 .. v_n loop
    for i in k + 1 .. v_n loop
      v_factor := v_a[i][k] / v_a[k][k];
      for j in k .. v_n loop
        v_a[i][j] := v_a[i][j] - v_factor * v_a[k][j];
      end loop;
      v_b[i] := v_b[i] - v_factor * v_b[k];
    end loop;
  end loop;
  for k in reverse v_n .. 1 loop
    for j in k + 1 .. v_n loop
      v_b[k] := v_b[k] - v_a[k][j] * v_b[j];
    end loop;
    v_b[k] := v_b[k] / v_a[k][k];
  end loop;
  return v_b;
end;
$$;

comment on function stats.solve_linear_system(double precision[], double precision[]) is
$$Solution of a small system of linear equations, by Gaussian elimination without pivoting.
For symmetric positive definite matrices (a Hessian with a ridge), which need no pivoting.$$;
